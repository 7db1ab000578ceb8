# Stands in for maven:3-eclipse-temurin-21.
FROM layerwise-prove/debian
RUN mkdir -p /usr/share/man/man1 && apt-get update && \
    apt-get install -y --no-install-recommends maven openjdk-21-jdk-headless && \
    rm -rf /var/lib/apt/lists/*
ENV JAVA_HOME=/usr/lib/jvm/java-21-openjdk-amd64
CMD ["mvn"]
