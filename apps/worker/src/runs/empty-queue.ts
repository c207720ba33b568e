/** Tells whoever fills the queue that nothing waits in it any more. */
export class EmptyQueue {
  private listener: () => void = () => undefined;

  listen(listener: () => void): void {
    this.listener = listener;
  }

  tell(): void {
    this.listener();
  }
}
