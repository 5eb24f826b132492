"""Addresses of the nurture room."""

from django.urls import path

from . import views

urlpatterns = [
    path("lists/", views.lists, name="lists"),
    path("lists/new/", views.list_create, name="list_create"),
    path("lists/conditions/row/", views.condition_row, name="condition_row"),
    path("lists/conditions/count/", views.condition_count, name="condition_count"),
    path("lists/<int:pk>/edit/", views.list_edit, name="list_edit"),
    path("lists/<int:pk>/archive/", views.list_archive, name="list_archive"),
    path("lists/changes/<int:pk>/undo/", views.list_undo, name="list_undo"),
]
