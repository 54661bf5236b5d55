DROP TABLE alerts, alert_evaluation, alert_rules;
