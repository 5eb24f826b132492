"""Addresses of the nurture room."""

from django.urls import path

from . import views, views_members, views_programs, views_track

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
    path("programs/", views_programs.overview, name="programs"),
    path("programs/new/", views_programs.program_new, name="program_new"),
    path("programs/<int:pk>/", views_programs.program_page, name="program_page"),
    path("programs/<int:pk>/people/", views_programs.program_people, name="program_people"),
    path("programs/<int:pk>/pause/", views_programs.program_pause, name="program_pause"),
    path("programs/<int:pk>/end/", views_programs.program_end, name="program_end"),
    path("programs/<int:pk>/draft/", views_track.draft_begin, name="program_draft"),
    path("programs/<int:pk>/draft/discard/", views_track.draft_discard, name="program_discard"),
    path("programs/<int:pk>/edit/", views_track.program_edit, name="program_edit"),
    path("programs/<int:pk>/settings/", views_track.program_settings, name="program_settings"),
    path("programs/<int:pk>/steps/new/", views_track.step_new, name="program_step_new"),
    path("programs/<int:pk>/steps/<slug:key>/", views_track.step_edit, name="program_step"),
    path("programs/<int:pk>/steps/<slug:key>/move/", views_track.step_move, name="program_step_move"),
    path("programs/<int:pk>/steps/<slug:key>/remove/", views_track.step_remove, name="program_step_remove"),
    path("programs/<int:pk>/check/", views_track.program_check, name="program_check"),
    path("programs/<int:pk>/test/", views_track.program_test, name="program_test"),
    path("programs/<int:pk>/activate/", views_track.program_activate, name="program_activate"),
    path("enrolments/<int:pk>/", views_programs.enrolment, name="enrolment"),
    path("enrolments/<int:pk>/pause/", views_programs.enrolment_pause, name="enrolment_pause"),
    path("enrolments/<int:pk>/remove/", views_programs.enrolment_remove, name="enrolment_remove"),
    path("leads/<int:pk>/programs/", views_programs.lead_enrol, name="lead_enrol"),
]
