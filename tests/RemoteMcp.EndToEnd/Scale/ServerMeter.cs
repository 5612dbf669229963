using System.Globalization;

namespace RemoteMcp.EndToEnd.Scale;

/// <summary>What a running server has used so far, as Linux counts it (<c>/proc</c>).</summary>
internal sealed class ServerMeter(int processId)
{
    /// <summary>The most memory that it ever had resident, in bytes.</summary>
    public long PeakMemory => Read("status", "VmHWM:") * 1024;

    /// <summary>Bytes that it read from files; what came over sockets is not among them.</summary>
    public long BytesRead => Read("io", "rchar:");

    private long Read(string file, string field)
    {
        var line = File.ReadLines($"/proc/{processId}/{file}").First(line => line.StartsWith(field, StringComparison.Ordinal));
        return long.Parse(line.AsSpan(field.Length).TrimEnd("kB").Trim(), CultureInfo.InvariantCulture);
    }
}
