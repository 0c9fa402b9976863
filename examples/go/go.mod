module example.com/claims

go 1.25.0

require (
	// The release that the library is built against, or any newer one.
	github.com/aws/aws-cdk-go/awscdk/v2 v2.263.0
	github.com/aws/jsii-runtime-go v1.140.0
	// Published under this path. To try a checkout: `npx projen package:go`, then
	//   go mod edit -replace github.com/cdk-hipaa-pipeline/cdk-hipaa-pipeline-go/cdkhipaapipeline=../../dist/go/cdkhipaapipeline
	github.com/cdk-hipaa-pipeline/cdk-hipaa-pipeline-go/cdkhipaapipeline v0.0.0
)
