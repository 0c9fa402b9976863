// The ten-line start in Go.
package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdk-hipaa-pipeline/cdk-hipaa-pipeline-go/cdkhipaapipeline"
)

func main() {
	defer jsii.Close()

	app := awscdk.NewApp(nil)
	// No account, no region: the assembly can be deployed anywhere.
	stack := awscdk.NewStack(app, jsii.String("ClaimsStack"), nil)

	cdkhipaapipeline.NewHipaaPipeline(stack, jsii.String("Claims"), &cdkhipaapipeline.HipaaPipelineProps{
		EnvironmentSuffix: jsii.String("prod"),
		AlarmEmails:       jsii.Strings("on-call@example.org"),
	})

	app.Synth(nil)
}
