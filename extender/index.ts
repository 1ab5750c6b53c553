export { type Decision, ForcedScheduler } from './forced-scheduler.ts'
export { type RecordedDecision, type RecordedEvent, type Recording, readRecording } from './recording.ts'
export { type Difference, type ReplayResult, replayRecording } from './replay-recording.ts'
export { readSchedulerConfig, schedulerProfiles } from './scheduler-config.ts'
