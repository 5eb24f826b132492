"""Addresses of the outbox."""

from django.urls import path

from . import views, views_choice, views_hooks

urlpatterns = [
    path("notices/", views.notices, name="notices"),
    path("notices/read/", views.notices_read, name="notices_read"),
    path("notices/<int:pk>/", views.notice_open, name="notice_open"),
    path("notices/mail/", views_choice.mail_choice, name="mail_choice"),
    path("mailbox/", views.mailbox, name="mailbox"),
    path("mailbox/<int:pk>/", views.mail_page, name="mail_page"),
    path("mailbox/<int:pk>/retry/", views.mail_retry, name="mail_retry"),
    path("webhooks/", views_hooks.webhooks, name="webhooks"),
    path("webhooks/new/", views_hooks.hook_new, name="hook_new"),
    path("webhooks/<int:pk>/", views_hooks.hook_page, name="hook_page"),
    path("webhooks/<int:pk>/secret/", views_hooks.hook_secret, name="hook_secret"),
    path("webhooks/<int:pk>/test/", views_hooks.hook_test, name="hook_test"),
    path("webhooks/messages/<int:pk>/again/", views_hooks.hook_resend, name="hook_resend"),
]
