import type { Files } from './contract.ts';
import type { Answer, Method, Request } from './wire.ts';

/** A newer question made this one pointless. */
export class Superseded extends Error {}

export interface Question {
  method: Method | null;
  args?: unknown[];
  files?: Files;
  example?: string;
  writes?: boolean;
  /** Of two questions on one topic only the newer is answered. */
  topic?: string;
  /** Gives way to any question that somebody waits for. */
  idle?: boolean;
}

interface Pending extends Question {
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

/** A superseded question that has run this long is worth a new worker, in milliseconds. */
const PATIENCE = 250;

/** One worker and the line of questions before it: one at a time, the newest of each topic. */
export class Seat {
  #worker: Worker | null = null;
  #line: Pending[] = [];
  #current: (Pending & { id: number; since: number }) | null = null;
  /** The files that the worker holds. */
  #held: Files | null = null;
  #ids = 0;

  ask(question: Question): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const { topic, idle } = question;
      this.#supersede((old) => (topic !== undefined && old.topic === topic) || (!idle && old.idle === true));
      this.#line.push({ ...question, resolve, reject });
      this.#next();
    });
  }

  #supersede(pointless: (old: Pending) => boolean): void {
    for (const old of this.#line.filter(pointless)) old.reject(new Superseded());
    this.#line = this.#line.filter((old) => !pointless(old));
    if (this.#current === null || !pointless(this.#current)) return;
    this.#current.reject(new Superseded());
    if (performance.now() - this.#current.since > PATIENCE) this.#restart();
  }

  #restart(): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.#held = null;
    this.#current = null;
  }

  #start(): Worker {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<Answer>) => this.#answered(data);
    worker.onerror = (event) => {
      const failed = this.#current;
      this.#restart();
      failed?.reject(new Error(event.message || 'the worker could not be started'));
      this.#next();
    };
    return worker;
  }

  #next(): void {
    if (this.#current !== null) return;
    const pending = this.#line.shift();
    if (!pending) return;
    this.#worker ??= this.#start();
    const id = ++this.#ids;
    this.#current = { ...pending, id, since: performance.now() };
    const request: Request = {
      id,
      method: pending.method,
      args: pending.args ?? [],
      writes: pending.writes ?? false,
    };
    if (pending.example !== undefined) request.example = pending.example;
    else if (pending.files && pending.files !== this.#held) request.files = pending.files;
    if (pending.files) this.#held = pending.files;
    this.#worker.postMessage(request);
  }

  #answered(answer: Answer): void {
    const current = this.#current;
    if (current?.id !== answer.id) return;
    this.#current = null;
    // After a failed or writing call the worker's folder is no longer what the page believes.
    if (answer.failed !== undefined || current.writes || current.example !== undefined) this.#held = null;
    if (answer.failed === undefined) current.resolve(answer);
    else current.reject(new Error(answer.failed));
    this.#next();
  }
}
