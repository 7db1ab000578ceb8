# Stands in for python:3.13-slim, which has no packages that pip cannot replace.
FROM layerwise-prove/debian
RUN apt-get update && apt-get install -y --no-install-recommends \
      python3 python3-pip python3-venv && \
    rm -rf /var/lib/apt/lists/* /usr/lib/python3.13/EXTERNALLY-MANAGED && \
    cd /usr/lib/python3/dist-packages && rm -rf packaging* wheel* && \
    ln -s python3 /usr/bin/python && \
    printf '[global]\ntimeout = 180\nroot-user-action = ignore\n' > /etc/pip.conf
ENV PIP_CERT=/etc/ssl/certs/ca-certificates.crt REQUESTS_CA_BUNDLE=/etc/ssl/certs/ca-certificates.crt
CMD ["python3"]
