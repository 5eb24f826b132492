"""Addresses of the screens that show several rooms at once: lead list, lead page, nurture list, search."""

from django.urls import path

from . import company_page, lead_bulk_views, lead_letters, lead_list, lead_merge, lead_page, lead_page_acts, search

urlpatterns = [
    path("leads/", lead_list.lead_list, name="lead_list"),
    path("leads/filter/", lead_list.lead_filter, name="lead_filter"),
    path("leads/bulk/", lead_bulk_views.lead_bulk, name="lead_bulk"),
    path("leads/<int:pk>/", lead_page.lead_page, name="lead_page"),
    path("leads/<int:pk>/history/", lead_page.lead_history, name="lead_history"),
    path("leads/<int:pk>/letters/", lead_letters.lead_letters, name="lead_letters"),
    path("leads/<int:pk>/letters/stop/", lead_letters.lead_letters_stop, name="lead_letters_stop"),
    path("leads/<int:pk>/letters/again/", lead_letters.lead_letters_again, name="lead_letters_again"),
    path("leads/<int:pk>/panel/", lead_page.lead_panel, name="lead_panel"),
    path("leads/<int:pk>/log/", lead_page_acts.log_activity, name="lead_log"),
    path("leads/<int:pk>/stage/<slug:move>/", lead_page_acts.change_stage, name="lead_stage"),
    path("leads/<int:pk>/activities/<int:activity>/judge/", lead_page_acts.judge, name="lead_judge"),
    path("leads/<int:pk>/merge/", lead_merge.choose, name="lead_merge_choose"),
    path("leads/<int:pk>/merge/<int:other>/", lead_merge.merge, name="lead_merge"),
    path("merges/<int:pk>/undo/", lead_merge.undo, name="merge_undo"),
    path("companies/<int:pk>/", company_page.company_page, name="company_page"),
    path("lists/<int:pk>/", lead_list.list_page, name="list_page"),
    path("search/", search.search, name="search"),
]
