"""Addresses of routing: rules, rehearsal, log, sellers, queues."""

from django.urls import path

from . import views_routing as rules
from . import views_sellers as sellers

urlpatterns = [
    path("routing/", rules.routing, name="routing"),
    path("routing/draft/", rules.draft_begin, name="routing_draft"),
    path("routing/draft/publish/", rules.draft_publish, name="routing_publish"),
    path("routing/draft/discard/", rules.draft_discard, name="routing_discard"),
    path("routing/rules/new/", rules.rule_new, name="routing_rule_new"),
    path("routing/rules/condition/", rules.condition_row, name="routing_condition"),
    path("routing/rules/move/", rules.rule_move, name="routing_rule_move"),
    path("routing/rules/<int:pk>/", rules.rule_edit, name="routing_rule"),
    path("routing/rules/<int:pk>/shift/", rules.rule_shift, name="routing_rule_shift"),
    path("routing/rules/<int:pk>/remove/", rules.rule_remove, name="routing_rule_remove"),
    path("routing/log/", rules.log, name="routing_log"),
    path("routing/rehearsal/", rules.rehearsal, name="routing_rehearsal"),
    path("routing/sellers/", sellers.sellers, name="sellers"),
    path("routing/sellers/me/", sellers.my_seat, name="my_seat"),
    path("routing/sellers/<int:pk>/", sellers.seller, name="seller"),
    path("routing/sellers/<int:pk>/away/", sellers.seller_away, name="seller_away"),
    path("routing/sellers/<int:pk>/away/<int:absence>/end/", sellers.seller_back, name="seller_back"),
    path("routing/queues/", sellers.queues, name="queues"),
    path("routing/queues/new/", sellers.queue_new, name="queue_new"),
    path("routing/queues/<int:pk>/", sellers.queue_edit, name="queue_edit"),
    path("routing/queues/<int:pk>/put-away/", sellers.queue_put_away, name="queue_put_away"),
]
