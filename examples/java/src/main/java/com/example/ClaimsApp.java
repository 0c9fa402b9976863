package com.example;

import io.github.cdkhipaapipeline.HipaaPipeline;
import java.util.List;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Stack;

/** The ten-line start in Java. */
public final class ClaimsApp {
    public static void main(final String[] args) {
        App app = new App();
        // No account, no region: the assembly can be deployed anywhere.
        Stack stack = new Stack(app, "ClaimsStack");

        HipaaPipeline.Builder.create(stack, "Claims")
            .environmentSuffix("prod")
            .alarmEmails(List.of("on-call@example.org"))
            .build();

        app.synth();
    }
}
