# LeadHub for production: front end built with Node, then Python with the locked packages only.
FROM node:22-slim AS face
WORKDIR /leadhub
COPY package.json package-lock.json .npmrc build.mjs ./
RUN npm ci
COPY static static
COPY templates templates
RUN node build.mjs

FROM python:3.11-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    LEADHUB_MODE=production STATIC_ROOT=/leadhub/public MEDIA_ROOT=/var/lib/leadhub/media
RUN useradd --system --home-dir /leadhub --shell /usr/sbin/nologin leadhub \
    && install -d -o leadhub /var/lib/leadhub /var/lib/leadhub/media
WORKDIR /leadhub
COPY requirements.txt .
RUN pip install --no-cache-dir --require-hashes -r requirements.txt
COPY . .
COPY --from=face /leadhub/static/dist static/dist
# Collecting static files reads the settings; it asks no server anything.
RUN SECRET_KEY=only-while-the-image-is-built-0123456789-abcdefghijklmnop \
    DATABASE_URL=postgresql://nobody@localhost/none REDIS_URL=redis://localhost:6379 ALLOWED_HOSTS=localhost \
    python manage.py collectstatic --noinput --verbosity 0
USER leadhub
CMD ["gunicorn", "leadhub.wsgi", "--no-control-socket", "--worker-class", "gthread", "--workers", "2", "--threads", "8", "--bind", "0.0.0.0:8000"]
