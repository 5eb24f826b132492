"""Addresses in letters, short, since people see them, and those of the pages where the house looks at letters."""

from django.urls import path

from . import views_answers, views_letters, views_provider

urlpatterns = [
    path("letters/", views_letters.letters, name="letters"),
    path("letters/<int:pk>/", views_letters.letter_page, name="letter_page"),
    path("letters/<int:pk>/words/", views_letters.letter_words, name="letter_words"),
    path("letters/<int:pk>/resend/", views_letters.letter_resend, name="letter_resend"),
    path("letters/events/", views_provider.mail_events, name="mail_events"),
    path("e/c/<str:token>/", views_answers.click, name="letter_click"),
    path("e/o/<str:token>.gif", views_answers.opened, name="letter_open"),
    path("e/t/<str:token>/", views_answers.trap, name="letter_trap"),
    path("e/u/<str:token>/", views_answers.unsubscribe, name="letter_unsubscribe"),
    path("e/p/<str:token>/", views_answers.preferences, name="letter_preferences"),
]
