"""The question: filing, review, dispatch. The answer is in replies."""
