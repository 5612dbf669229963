namespace RemoteMcp.Tools.Analytics.Import;

/// <summary>
/// The exception for a file that cannot be imported. None of its events count. The message gives the reason and the remedy.
/// </summary>
internal sealed class ImportException(string message) : Exception(message);
