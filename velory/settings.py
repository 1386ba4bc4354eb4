"""Settings: one file, no branch on the name of an environment. Variables stand in `velory/environment.py`."""

import secrets

from celery.schedules import schedule

from velory.environment import DEMO_DIR, ROOT, read

ENV = read()
DEMO = ENV.velory_demo
DEMO_STATE = DEMO_DIR

# Without a key of its own a process still runs commands; `velory/checks.py` refuses to serve with it.
SECRET_KEY = ENV.velory_secret_key or secrets.token_urlsafe(50)
SECRET_KEY_FALLBACKS = [key.strip() for key in ENV.velory_secret_keys_before.split(",") if key.strip()]
DEBUG = ENV.velory_debug
BASE_DOMAIN = ENV.velory_base_domain
ALLOWED_HOSTS = ["*"]  # velory/tenancy/routing.py answers for known hosts only, exactly

# Apps. Companies and the agenda are the platform's (schema `public`); everything else lives in company schemas.
SHARED_APPS = [
    "django_tenants",
    "velory.tenancy",
    "velory.agenda",
    "velory.payments.inbox",
    "velory.operators",
    "velory.erasing",
]
TENANT_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "velory.people",
    "velory.people.federated",
    "velory.journal",
    "velory.post",
    "velory.payments",
    "velory.archive",
    "velory.support",
    "assets",
    "renewals",
    "orders",
    "repairs",
]
INSTALLED_APPS = [
    *SHARED_APPS,
    *TENANT_APPS,
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "anymail",
    "velory.ui",
    "velory.help",
    *(["velory.demo"] if DEMO else []),
]
TENANT_MODEL = "tenancy.Company"
TENANT_DOMAIN_MODEL = "tenancy.Domain"
PUBLIC_SCHEMA_URLCONF = "velory.public_urls"
ROOT_URLCONF = "velory.urls"
WSGI_APPLICATION = "velory.wsgi.application"
AUTH_USER_MODEL = "people.Person"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

DATABASES = {
    "default": {
        "ENGINE": "django_tenants.postgresql_backend",
        **ENV.database,
        "CONN_MAX_AGE": 0 if ENV.database_pool else 60,
        "CONN_HEALTH_CHECKS": not ENV.database_pool,
        "OPTIONS": {"connect_timeout": 5}
        | (
            {"pool": {"min_size": 1, "max_size": ENV.database_pool, "timeout": 5, "max_lifetime": 900, "max_idle": 120}}
            if ENV.database_pool
            else {}
        ),
    }
}
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
TENANT_LIMIT_SET_CALLS = True

REDIS_URL = ENV.redis_url or "redis://127.0.0.1:1/0"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_FUNCTION": "velory.tenancy.stores.cache_key",
        "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 2},
    }
}
SESSION_ENGINE = "velory.tenancy.sessions"
SESSION_COOKIE_AGE = 7 * 24 * 3600  # without a visit; velory/people/session.py ends a session after a month at most
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENV.velory_https
SESSION_COOKIE_NAME = "__Host-session" if ENV.velory_https else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if ENV.velory_https else "csrf"
CSRF_COOKIE_HTTPONLY = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_FAILURE_VIEW = "velory.ui.errors.csrf_failure"
STORAGES = {
    "default": {"BACKEND": "velory.tenancy.stores.CompanyFiles"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEMO or DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
MEDIA_ROOT = ENV.velory_media_dir
STATIC_URL = "/static/"
STATIC_ROOT = ROOT / ".velory" / "static"
STATICFILES_DIRS = [ROOT / "static", ("handbook", ROOT / "docs" / "handbook" / "pictures")]
WHITENOISE_USE_FINDERS = DEMO or DEBUG
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 6_000  # five thousand ticked devices are one form

MIDDLEWARE = [
    "velory.tenancy.routing.KnownHostsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "velory.ui.compression.CompressedPages",
    "velory.tenancy.routing.CompanyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "velory.people.language.LanguageMiddleware",
    "velory.ui.bodies.BodyLimitMiddleware",
    "django.middleware.common.CommonMiddleware",
    "velory.tenancy.forms_cookie.FormsCookieMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "velory.people.session.SessionEndMiddleware",
    "velory.support.session.SupportMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "velory.people.language.PersonLanguageMiddleware",
    "velory.people.asked.AskedForTwoMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "velory.ui.headers.HeadersMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "velory.ui.context.page",
                "velory.post.identity.in_the_frame",
            ],
        },
    }
]

# Security (reliability 3.5)
SECURE_CSP = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "form-action": ["'self'", ENV.stripe_checkout_origin, ENV.stripe_connect_origin],
    "frame-ancestors": ["'none'"],
    "frame-src": ["'self'"],
    "base-uri": ["'none'"],
    "object-src": ["'none'"],
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = ENV.velory_https
SECURE_REDIRECT_EXEMPT = ["^health/$"]  # a load balancer asks from within
SECURE_HSTS_SECONDS = 31_536_000 if ENV.velory_https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = ENV.velory_https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENV.velory_trusted_proxies else None
X_FRAME_OPTIONS = "DENY"

# People and sign-in
AUTHENTICATION_BACKENDS = ["velory.people.backends.PersonBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 3600
ACCOUNT_ADAPTER = "velory.people.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    page: f"velory.people.forms.sign_in.{form}"
    for page, form in {
        "login": "LoginForm", "user_token": "UserTokenForm",
        "request_login_code": "RequestLoginCodeForm", "confirm_login_code": "ConfirmLoginCodeForm",
        "reset_password": "ResetPasswordForm", "reset_password_from_key": "ChoosePasswordForm",
    }.items()
}  # fmt: skip
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "velory.people.tokens.ResetTokens"
ACCOUNT_RATE_LIMITS = False  # velory/people/limits.py counts, and stays open where the cache is down
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
MFA_ADAPTER = "velory.people.factors_adapter.FactorsAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_RECOVERY_CODE_DIGITS = 10

# Language and time. Dates are the company's local dates; moments are UTC.
LANGUAGE_CODE = "en"
LANGUAGES = [("sv", "Svenska"), ("en", "English")]
LOCALE_PATHS = [ROOT / "locale"]
FORMAT_MODULE_PATH = ["velory.ui.formats"]
USE_TZ = True
TIME_ZONE = "UTC"

# Letters leave through these
MAILERS = {
    "default": {
        "BACKEND": ENV.velory_mail_backend,
        "OPTIONS": (
            {
                "host": ENV.velory_mail_host,
                "port": ENV.velory_demo_mail_port or ENV.velory_mail_port,
                "username": ENV.velory_mail_user,
                "password": ENV.velory_mail_password,
                "use_tls": ENV.velory_mail_security == "starttls",
                "use_ssl": ENV.velory_mail_security == "tls",
                "timeout": 20,
            }
            if ENV.velory_mail_backend.endswith("smtp.EmailBackend")
            else {}
        ),
    }
}
DEFAULT_FROM_EMAIL = ENV.velory_mail_from
ANYMAIL = {
    "POSTMARK_SERVER_TOKEN": ENV.velory_mail_api_key,
    "BREVO_API_KEY": ENV.velory_mail_api_key,
    "SENDGRID_API_KEY": ENV.velory_mail_api_key,
    "SPARKPOST_API_KEY": ENV.velory_mail_api_key,
    "WEBHOOK_SECRET": [s.strip() for s in ENV.velory_mail_webhook_secrets.split(",") if s.strip()] or None,
}

# Payments (velory/payments)
STRIPE_SECRET_KEY = ENV.stripe_secret_key
STRIPE_WEBHOOK_SECRETS = [s.strip() for s in ENV.stripe_webhook_secrets.split(",") if s.strip()]
STRIPE_WEBHOOK_TOLERANCE = ENV.stripe_webhook_tolerance
STRIPE_API_BASE = ENV.stripe_api_base
STRIPE_CHECKOUT_ORIGIN = ENV.stripe_checkout_origin

# Background work: Celery is the bell, never the record (the agenda is)
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_DEFAULT_QUEUE = "velory"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 2,
    "socket_keepalive": True,
}
CELERY_BEAT_SCHEDULE = {
    "ring the agenda": {
        "task": "velory.agenda.tasks.ring",
        "schedule": schedule(1 if DEMO else 10),
        "kwargs": {"by_beat": True},
        "options": {"expires": 30},
    },
    "work off Stripe's events": {
        "task": "velory.payments.inbox.tasks.work_off_events",
        "schedule": schedule(2 if DEMO else 20),
        "options": {"expires": 20},
    },
}
if DEMO:
    CELERY_BEAT_SCHEDULE["go on pushing the clock"] = {
        "task": "velory.demo.tasks.go_on_walking",
        "schedule": schedule(1),
        "options": {"expires": 5},
    }

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"company": {"()": "velory.tenancy.logs.CompanyFilter"}},
    "formatters": {"line": {"format": "{asctime} {levelname} {company} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["company"]}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "celery": {"level": "WARNING"},
        "stripe": {"level": "WARNING"},
        "fido2": {"level": "WARNING"},
    },
}
