/** A lesson as a person writes it, its head in YAML. */
import { parse } from 'yaml'
import { type Lesson, readLesson } from './model.ts'

/** Throws where it is none. No aliases: a few lines of them can stand for gigabytes. */
export const readYaml = (head: string): unknown => parse(head, { maxAliasCount: 0, logLevel: 'error' })

/** Throws LessonError with the place in the head, what was found and what was expected there. */
export const parseLesson = (file: string): Lesson => readLesson(file, readYaml)
