import { Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { Names } from '../../private/naming';

const WIDTH = 8;
const HEIGHT = 5;
const COLUMNS = 24 / WIDTH;

/** The states of all alarms on top, then a graph for each with its threshold. */
export function createDashboard(scope: Construct, names: Names, alarms: cloudwatch.Alarm[]): cloudwatch.CfnDashboard {
  const states = {
    type: 'alarm',
    x: 0,
    y: 0,
    width: 24,
    height: 3,
    properties: { title: 'Alarms', alarms: alarms.map((alarm) => alarm.alarmArn) },
  };
  const graphs = alarms.map((alarm, index) => ({
    type: 'metric',
    x: (index % COLUMNS) * WIDTH,
    y: states.height + Math.floor(index / COLUMNS) * HEIGHT,
    width: WIDTH,
    height: HEIGHT,
    properties: { title: alarm.node.id, annotations: { alarms: [alarm.alarmArn] } },
  }));
  return new cloudwatch.CfnDashboard(scope, 'Dashboard', {
    dashboardName: names.global('pipeline'),
    dashboardBody: Stack.of(scope).toJsonString({ widgets: [states, ...graphs] }),
  });
}
