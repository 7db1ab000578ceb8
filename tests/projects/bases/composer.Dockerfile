# Stands in for composer:2.
FROM layerwise-prove/debian
RUN apt-get update && apt-get install -y --no-install-recommends composer && \
    rm -rf /var/lib/apt/lists/*
ENV COMPOSER_ALLOW_SUPERUSER=1 COMPOSER_HOME=/tmp
WORKDIR /app
CMD ["composer"]
