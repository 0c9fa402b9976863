// A team's own processor in Go, under the contract of ProcessorCode.fromAsset: it counts the lines of every new object
// and writes the count to a manifest.
//
// Build it for the architecture of the function, then deploy the folder that holds the binary:
//
//	CGO_ENABLED=0 GOOS=linux GOARCH=arm64 go build -tags lambda.norpc -trimpath -ldflags '-s -w' -o dist/bootstrap .
//
//	processor: ProcessorCode.fromAsset('examples/go-function/dist', lambda.Runtime.PROVIDED_AL2023, 'bootstrap')
//
// The contract: a queue message holds one EventBridge "Object Created" event; the environment names the buckets, the key
// and the prefixes; what fails is answered by message id, so that the queue retries it alone. The same event may come
// twice, so output keys follow from the object's version and are written once. Nothing of a record, and no object key
// (it may hold a name), reaches the log or the processed bucket.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"
)

// objectCreated is the part of the EventBridge event that we need. The key is as it is, not URL-encoded.
type objectCreated struct {
	Detail struct {
		Bucket struct {
			Name string `json:"name"`
		} `json:"bucket"`
		Object struct {
			Key       string `json:"key"`
			VersionID string `json:"version-id"`
		} `json:"object"`
	} `json:"detail"`
}

func (p *processor) handle(ctx context.Context, event events.SQSEvent) (events.SQSEventResponse, error) {
	// Never nil: that would be `null` in JSON, which a poller may take for a failure of the whole batch.
	response := events.SQSEventResponse{BatchItemFailures: []events.SQSBatchItemFailure{}}
	for _, message := range event.Records {
		outcome, err := p.processMessage(ctx, message.Body)
		if err != nil {
			slog.Error("failed", "messageId", message.MessageId, "code", codeOf(err))
			failure := events.SQSBatchItemFailure{ItemIdentifier: message.MessageId}
			response.BatchItemFailures = append(response.BatchItemFailures, failure)
			continue
		}
		slog.Info("done", "messageId", message.MessageId, "outcome", outcome)
	}
	return response, nil
}

func (p *processor) processMessage(ctx context.Context, body string) (string, error) {
	var event objectCreated
	if err := json.Unmarshal([]byte(body), &event); err != nil || event.Detail.Object.Key == "" {
		return "", errors.New("EVENT_UNKNOWN")
	}
	return p.process(ctx, event.Detail.Bucket.Name, event.Detail.Object.Key, event.Detail.Object.VersionID)
}

// codeOf gives the code of an AWS error only: its message quotes keys.
func codeOf(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode()
	}
	return err.Error()
}

func main() {
	slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stdout, nil)))
	cfg, err := config.LoadDefaultConfig(context.Background())
	if err != nil {
		slog.Error("no AWS configuration")
		os.Exit(1)
	}
	p := &processor{
		s3:              s3.NewFromConfig(cfg),
		processedBucket: os.Getenv("PROCESSED_BUCKET"),
		dataKeyArn:      os.Getenv("DATA_KEY_ARN"),
		manifestsPrefix: os.Getenv("MANIFESTS_PREFIX"),
	}
	lambda.Start(p.handle)
}
