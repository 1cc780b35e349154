export { EnvironmentProfile } from './environment-profile/environment-profile';
