"""Every address of LeadHub; each room adds its own urls module."""

from django.urls import URLPattern, URLResolver, include, path

from . import api, health, home, workspace

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("home/scores/", home.score_chart, name="home_score_chart"),
    path("settings/", workspace.settings_home, name="settings"),
    path("settings/workspace/", workspace.workspace, name="workspace"),
    path("healthz", health.healthz, name="healthz"),
    path("design/", include("accounts.urls_design")),
    path("", include("accounts.urls")),
    path("", include("leads.urls")),
    path("", include("leads.urls_imports")),
    path("api/", include("leadhub.api")),
    path("api/", api.machine_urls),
    path("", include("nurture.urls")),
    path("", include("nurture.urls_emails")),
    path("", include("nurture.urls_letters")),
    path("", include("leadhub.urls_screens")),
    path("", include("reports.urls")),
    path("", include("outbox.urls")),
    path("", include("scoring.urls")),
    path("", include("handoff.urls")),
    path("", include("handoff.urls_routing")),
]

handler400 = "accounts.views_errors.bad_request"
handler403 = "accounts.views_errors.forbidden"
handler404 = "accounts.views_errors.not_found"
handler500 = "accounts.views_errors.server_error"
