"""Addresses of the outbox."""

from django.urls import path

from . import views

urlpatterns = [
    path("notices/", views.notices, name="notices"),
    path("notices/read/", views.notices_read, name="notices_read"),
    path("notices/<int:pk>/", views.notice_open, name="notice_open"),
    path("mailbox/", views.mailbox, name="mailbox"),
    path("mailbox/<int:pk>/", views.mail_page, name="mail_page"),
    path("mailbox/<int:pk>/retry/", views.mail_retry, name="mail_retry"),
]
