"""Addresses in letters: short, since people see them. Whoever asks for one need not be known."""

from django.urls import path

from . import views_answers

urlpatterns = [
    path("e/c/<str:token>/", views_answers.click, name="letter_click"),
    path("e/o/<str:token>.gif", views_answers.opened, name="letter_open"),
    path("e/t/<str:token>/", views_answers.trap, name="letter_trap"),
    path("e/u/<str:token>/", views_answers.unsubscribe, name="letter_unsubscribe"),
    path("e/p/<str:token>/", views_answers.preferences, name="letter_preferences"),
]
