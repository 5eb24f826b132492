"""Addresses of the library of e-mails."""

from django.urls import path

from . import views_emails, views_previews

urlpatterns = [
    path("emails/", views_emails.emails, name="emails"),
    path("emails/new/", views_emails.email_create, name="email_create"),
    path("emails/<int:pk>/", views_emails.email_page_view, name="email_page"),
    path("emails/<int:pk>/edit/", views_emails.email_edit, name="email_edit"),
    path("emails/<int:pk>/name/", views_emails.email_rename, name="email_rename"),
    path("emails/<int:pk>/draft/", views_emails.email_draft, name="email_draft"),
    path("emails/<int:pk>/finish/", views_emails.email_finish, name="email_finish"),
    path("emails/<int:pk>/archive/", views_emails.email_archive, name="email_archive"),
    path("emails/<int:pk>/<int:number>/", views_emails.email_page_view, name="email_version"),
    path("emails/<int:pk>/<int:number>/letter/", views_previews.email_letter, name="email_letter"),
    path("emails/<int:pk>/<int:number>/beside/", views_previews.email_beside, name="email_beside"),
    path("emails/<int:pk>/<int:number>/readers/", views_previews.email_readers, name="email_readers"),
    path("emails/<int:pk>/<int:number>/links/<slug:key>/", views_previews.email_link, name="email_link"),
    path("emails/<int:pk>/<int:number>/test/", views_previews.email_test, name="email_test"),
]
