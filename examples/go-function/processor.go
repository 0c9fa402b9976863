package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"
)

// objectStore is what the processor needs of S3.
type objectStore interface {
	GetObject(context.Context, *s3.GetObjectInput, ...func(*s3.Options)) (*s3.GetObjectOutput, error)
	PutObject(context.Context, *s3.PutObjectInput, ...func(*s3.Options)) (*s3.PutObjectOutput, error)
}

type processor struct {
	s3              objectStore
	processedBucket string
	dataKeyArn      string
	manifestsPrefix string
}

type manifest struct {
	RunID     string `json:"runId"`
	Processor string `json:"processor"`
	Lines     int64  `json:"lines"`
	Bytes     int64  `json:"bytes"`
}

// process counts one object and says "written", or "duplicate" where an earlier delivery was finished already.
func (p *processor) process(ctx context.Context, bucket, key, versionID string) (string, error) {
	get := &s3.GetObjectInput{Bucket: &bucket, Key: &key}
	if versionID != "" {
		get.VersionId = &versionID
	}
	object, err := p.s3.GetObject(ctx, get)
	if err != nil {
		return "", err
	}
	defer object.Body.Close()
	if object.VersionId == nil {
		return "", errors.New("NOT_VERSIONED")
	}
	lines, size, err := countLines(object.Body)
	if err != nil {
		return "", err
	}
	id := runID(bucket, *object.VersionId)
	return p.commit(ctx, manifest{RunID: id, Processor: "go-line-counter", Lines: lines, Bytes: size})
}

// commit writes the manifest once: the second delivery of an event meets the first one's.
func (p *processor) commit(ctx context.Context, m manifest) (string, error) {
	body, err := json.Marshal(m)
	if err != nil {
		return "", err
	}
	_, err = p.s3.PutObject(ctx, &s3.PutObjectInput{
		Bucket:      &p.processedBucket,
		Key:         aws.String(p.manifestsPrefix + m.RunID + ".json"),
		Body:        bytes.NewReader(body),
		ContentType: aws.String("application/json"),
		IfNoneMatch: aws.String("*"),
		// The bucket refuses every other key.
		ServerSideEncryption: types.ServerSideEncryptionAwsKms,
		SSEKMSKeyId:          &p.dataKeyArn,
	})
	var api smithy.APIError
	if errors.As(err, &api) && api.ErrorCode() == "PreconditionFailed" {
		return "duplicate", nil
	}
	if err != nil {
		return "", err
	}
	return "written", nil
}

// runID names a run by the object's version, never by its key: a key may hold a name, which a plain hash would let
// anyone confirm by guessing. Version ids are random.
func runID(bucket, versionID string) string {
	sum := sha256.Sum256([]byte(bucket + "\x00" + versionID))
	return hex.EncodeToString(sum[:16])
}
