export interface ProjectPath {
  org: string
  project: string
}
