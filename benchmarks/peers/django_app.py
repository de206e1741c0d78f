"""The peer of Django REST Framework: a model, a serializer and a view set, by its own tutorial; for any WSGI server."""

import django
from data import FOLDER, NESTED, PLAIN, rows
from django.conf import settings

settings.configure(
    SECRET_KEY="benchmark",  # noqa: S106 - it protects nothing
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django_filters", "rest_framework"],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": FOLDER / "django.sqlite3"}},
    REST_FRAMEWORK={
        "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.LimitOffsetPagination",
        "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
        "PAGE_SIZE": 100,
    },
)
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402 - Django wants its settings first
from django.db import connection, models  # noqa: E402
from rest_framework import routers, serializers, viewsets  # noqa: E402


class Service(models.Model):
    """A service."""

    id = models.CharField(max_length=120, primary_key=True)
    division = models.CharField(max_length=12, db_index=True)
    code = models.CharField(max_length=100)
    domain = models.CharField(max_length=40)
    handling = models.CharField(max_length=40)
    matter_type = models.CharField(max_length=40)
    status = models.CharField(max_length=40)
    updated_at = models.CharField(max_length=20)
    revision = models.IntegerField()
    schema = models.IntegerField()
    version = models.IntegerField()
    visits = models.IntegerField()
    single_window = models.BooleanField()
    online_for_individual = models.BooleanField(db_index=True)
    online_for_enterprise = models.BooleanField(db_index=True)
    audiences = models.JSONField()
    codes = models.JSONField()
    fees = models.JSONField()
    legal_basis = models.JSONField()
    life_events = models.JSONField()
    materials = models.JSONField()
    name = models.JSONField()
    online_channels = models.JSONField()
    provenance = models.JSONField()
    summary = models.JSONField()
    tags = models.JSONField()
    time_limits = models.JSONField()

    class Meta:
        """The application that a model must belong to, and the order of lists."""

        app_label = "peer"
        ordering = ("id",)


class ServiceSerializer(serializers.ModelSerializer):
    """What is told of a service."""

    class Meta:
        """Every member of the document."""

        model = Service
        fields = ("id", *PLAIN, *NESTED)


class Services(viewsets.ReadOnlyModelViewSet):
    """The services, filtered by for whom they can be done online."""

    queryset = Service.objects.all()
    serializer_class = ServiceSerializer
    filterset_fields = ("online_for_individual", "online_for_enterprise")


router = routers.DefaultRouter()
router.register("services", Services)
urlpatterns = router.urls
application = get_wsgi_application()


if __name__ == "__main__":
    with connection.schema_editor() as editor:
        editor.create_model(Service)
    Service.objects.bulk_create(Service(**row) for row in rows())
