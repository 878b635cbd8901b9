urlpatterns: list = []
app_name = "proposals"
