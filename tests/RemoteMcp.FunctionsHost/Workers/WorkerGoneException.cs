namespace RemoteMcp.FunctionsHost.Workers;

/// <summary>The exception that is thrown when the worker ends before it answers, or when it fails to load its functions.</summary>
internal sealed class WorkerGoneException(string message) : Exception(message);
