# Stands in for elixir:1.18.
FROM layerwise-prove/debian
RUN apt-get update && apt-get install -y --no-install-recommends elixir && \
    rm -rf /var/lib/apt/lists/*
ENV LANG=C.UTF-8
CMD ["iex"]
