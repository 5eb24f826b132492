"""Addresses of the nurture room."""

from django.urls import path

from . import views, views_members

urlpatterns = [
    path("lists/", views.lists, name="lists"),
    path("lists/new/", views.list_create, name="list_create"),
    path("lists/conditions/row/", views.condition_row, name="condition_row"),
    path("lists/conditions/count/", views.condition_count, name="condition_count"),
    path("lists/<int:pk>/history/", views_members.list_history, name="list_history"),
    path("lists/<int:pk>/kept-out/", views_members.list_kept_out, name="list_kept_out"),
    path("lists/<int:pk>/kept-out/<int:lead>/let-in/", views_members.list_let_in, name="list_let_in"),
    path("lists/<int:pk>/state/", views_members.list_state, name="list_state"),
    path("lists/<int:pk>/export/", views_members.list_export, name="list_export"),
    path("lists/<int:pk>/edit/", views.list_edit, name="list_edit"),
    path("lists/<int:pk>/archive/", views.list_archive, name="list_archive"),
    path("lists/changes/<int:pk>/undo/", views.list_undo, name="list_undo"),
]
