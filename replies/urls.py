urlpatterns: list = []
app_name = "replies"
