"""The nurture app: lists of leads."""

from django.apps import AppConfig


class NurtureConfig(AppConfig):
    name = "nurture"

    def ready(self) -> None:
        from anymail.signals import tracking

        from leads.signals import activities_recorded, facts_changed, leads_merged, owners_changed, stages_changed

        from . import entering, in_lists, stopping, touching
        from .merged import follow_merge
        from .views_provider import follow_event

        in_lists.register()
        tracking.connect(follow_event, dispatch_uid="nurture.views_provider.follow_event")
        leads_merged.connect(follow_merge, dispatch_uid="nurture.merged.follow_merge")
        activities_recorded.connect(touching.touch_active, dispatch_uid="nurture.touching.touch_active")
        facts_changed.connect(touching.touch_known, dispatch_uid="nurture.touching.touch_known")
        stages_changed.connect(touching.touch_moved, dispatch_uid="nurture.touching.touch_moved")
        owners_changed.connect(touching.touch_owned, dispatch_uid="nurture.touching.touch_owned")
        stages_changed.connect(stopping.follow_stages, dispatch_uid="nurture.stopping.follow_stages")
        activities_recorded.connect(entering.follow_activities, dispatch_uid="nurture.entering.follow_activities")
