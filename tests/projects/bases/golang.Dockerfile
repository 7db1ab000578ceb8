# Stands in for golang:1.24.
FROM layerwise-prove/debian
RUN apt-get update && apt-get install -y --no-install-recommends golang-go git && \
    rm -rf /var/lib/apt/lists/*
ENV GOPATH=/go GOTOOLCHAIN=local CGO_ENABLED=0 GOFLAGS=-buildvcs=false \
    PATH=/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
RUN mkdir -p /go/src /go/bin && chmod -R 1777 /go
# What programs import most is compiled here: the standard library takes minutes on a busy machine.
RUN cd /tmp && printf 'package main\n\nimport (\n%s)\n\nfunc main() { fmt.Println() }\n' \
      '"fmt"\n_ "crypto/rand"\n_ "crypto/sha1"\n_ "database/sql/driver"\n_ "encoding/json"\n_ "net"\n' \
      > warm.go && sed -i 's/\\n/\n/g' warm.go && go build -trimpath -o /dev/null warm.go && rm warm.go
WORKDIR /go
