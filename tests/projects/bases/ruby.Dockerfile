# Stands in for ruby:3.3-slim.
FROM layerwise-prove/debian
RUN apt-get update && apt-get install -y --no-install-recommends ruby bundler && \
    rm -rf /var/lib/apt/lists/*
ENV RUBY_VERSION=3.3 BUNDLE_SILENCE_ROOT_WARNING=1
CMD ["irb"]
