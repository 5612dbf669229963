using System.Globalization;

namespace RemoteMcp.EndToEnd.Scale;

/// <summary>Reads the resource usage of a running server from Linux (<c>/proc</c>).</summary>
internal sealed class ServerMeter(int processId)
{
    /// <summary>The peak resident memory of the server, in bytes.</summary>
    public long PeakMemory => Read("status", "VmHWM:") * 1024;

    /// <summary>The number of bytes that the server has read from files. Data from sockets does not count.</summary>
    public long BytesRead => Read("io", "rchar:");

    private long Read(string file, string field)
    {
        var line = File.ReadLines($"/proc/{processId}/{file}").First(line => line.StartsWith(field, StringComparison.Ordinal));
        return long.Parse(line.AsSpan(field.Length).TrimEnd("kB").Trim(), CultureInfo.InvariantCulture);
    }
}
