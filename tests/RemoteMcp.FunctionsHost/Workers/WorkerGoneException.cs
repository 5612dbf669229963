namespace RemoteMcp.FunctionsHost.Workers;

/// <summary>The worker ended before it answered.</summary>
internal sealed class WorkerGoneException(string message) : Exception(message);
