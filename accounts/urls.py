"""Addresses of the accounts room."""

from django.urls import URLPattern, URLResolver, path

from . import views_keys, views_people, views_profile, views_sign_in, views_teams

urlpatterns: list[URLPattern | URLResolver] = [
    path("sign-in/", views_sign_in.sign_in, name="sign_in"),
    path("sign-out/", views_sign_in.sign_out, name="sign_out"),
    path("welcome/<slug:number>/<slug:token>/", views_sign_in.set_password, name="set_password"),
    path("profile/", views_profile.profile, name="profile"),
    path("profile/password/", views_profile.change_password, name="change_password"),
    path("profile/sessions/end/", views_profile.end_other_sessions, name="end_other_sessions"),
    path("settings/people/", views_people.people, name="people"),
    path("settings/people/new/", views_people.person_new, name="person_new"),
    path("settings/people/<int:pk>/", views_people.person_page, name="person_page"),
    path("settings/people/<int:pk>/edit/", views_people.person_edit, name="person_edit"),
    path("settings/people/<int:pk>/link/", views_people.person_link, name="person_link"),
    path("settings/people/<int:pk>/deactivate/", views_people.person_deactivate, name="person_deactivate"),
    path("settings/people/<int:pk>/reactivate/", views_people.person_reactivate, name="person_reactivate"),
    path("settings/people/<int:pk>/sessions/end/", views_people.person_end_sessions, name="person_end_sessions"),
    path("settings/teams/", views_teams.teams, name="teams"),
    path("settings/teams/new/", views_teams.team_new, name="team_new"),
    path("settings/teams/<int:pk>/edit/", views_teams.team_edit, name="team_edit"),
    path("settings/teams/<int:pk>/delete/", views_teams.team_delete, name="team_delete"),
    path("settings/api-keys/", views_keys.api_keys, name="api_keys"),
    path("settings/api-keys/new/", views_keys.api_key_new, name="api_key_new"),
    path("settings/api-keys/<int:pk>/revoke/", views_keys.api_key_revoke, name="api_key_revoke"),
]
