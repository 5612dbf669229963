namespace RemoteMcp.Tools.Analytics.Import;

/// <summary>A file that cannot be imported at all. Nothing of it counts; the message says why and what to do.</summary>
internal sealed class ImportException(string message) : Exception(message);
