package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"
)

// fakeStore holds one source object and the manifests written.
type fakeStore struct {
	source  string
	written map[string]string
}

func (f *fakeStore) GetObject(_ context.Context, in *s3.GetObjectInput, _ ...func(*s3.Options)) (*s3.GetObjectOutput, error) {
	if *in.Key != "incoming/a.ndjson" {
		return nil, &smithy.GenericAPIError{Code: "NoSuchKey", Message: *in.Key}
	}
	return &s3.GetObjectOutput{Body: io.NopCloser(strings.NewReader(f.source)), VersionId: aws.String("v1")}, nil
}

func (f *fakeStore) PutObject(_ context.Context, in *s3.PutObjectInput, _ ...func(*s3.Options)) (*s3.PutObjectOutput, error) {
	if _, ok := f.written[*in.Key]; ok && aws.ToString(in.IfNoneMatch) == "*" {
		return nil, &smithy.GenericAPIError{Code: "PreconditionFailed"}
	}
	body, err := io.ReadAll(in.Body)
	f.written[*in.Key] = string(body)
	return &s3.PutObjectOutput{}, err
}

func message(id, key string) events.SQSMessage {
	body := `{"detail":{"bucket":{"name":"data"},"object":{"key":"` + key + `"}}}`
	return events.SQSMessage{MessageId: id, Body: body}
}

func TestWritesOneManifestForTwoDeliveries(t *testing.T) {
	store := &fakeStore{source: "one\ntwo\nthree", written: map[string]string{}}
	p := &processor{s3: store, processedBucket: "processed", dataKeyArn: "key", manifestsPrefix: "manifests/"}
	for range 2 {
		response, err := p.handle(context.Background(), events.SQSEvent{Records: []events.SQSMessage{message("m1", "incoming/a.ndjson")}})
		if err != nil || len(response.BatchItemFailures) != 0 {
			t.Fatalf("got %v, %v", response, err)
		}
	}
	if len(store.written) != 1 {
		t.Fatalf("got %d manifests", len(store.written))
	}
	for key, body := range store.written {
		if !strings.HasPrefix(key, "manifests/") || !strings.Contains(body, `"lines":3`) {
			t.Fatalf("got %s: %s", key, body)
		}
	}
}

func TestReportsTheFailedMessageAlone(t *testing.T) {
	store := &fakeStore{source: "one\n", written: map[string]string{}}
	p := &processor{s3: store, manifestsPrefix: "manifests/"}
	records := []events.SQSMessage{message("m1", "incoming/a.ndjson"), message("m2", "incoming/none"), {MessageId: "m3", Body: "not JSON"}}
	response, _ := p.handle(context.Background(), events.SQSEvent{Records: records})
	got, _ := json.Marshal(response)
	if string(got) != `{"batchItemFailures":[{"itemIdentifier":"m2"},{"itemIdentifier":"m3"}]}` {
		t.Fatalf("got %s", got)
	}
}

func TestAnswersAnEmptyListWhenNothingFailed(t *testing.T) {
	response, _ := (&processor{}).handle(context.Background(), events.SQSEvent{})
	if got, _ := json.Marshal(response); string(got) != `{"batchItemFailures":[]}` {
		t.Fatalf("got %s", got)
	}
}

func TestCountsLinesOfPlainAndGzippedText(t *testing.T) {
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	w.Write([]byte("a\nb\n"))
	w.Close()
	for _, c := range []struct {
		source string
		lines  int64
	}{{"", 0}, {"a", 1}, {"a\n", 1}, {"a\n\nb", 3}, {zipped.String(), 2}} {
		lines, _, err := countLines(strings.NewReader(c.source))
		if err != nil || lines != c.lines {
			t.Errorf("%q: got %d, %v, want %d", c.source, lines, err, c.lines)
		}
	}
	if _, _, err := countLines(bytes.NewReader(zipped.Bytes()[:zipped.Len()-4])); err == nil {
		t.Error("a truncated gzip stream passed")
	}
}
