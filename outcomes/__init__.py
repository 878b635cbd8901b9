"""What follows the answer: delivery, the proposers' judgement, promises kept, closing."""
