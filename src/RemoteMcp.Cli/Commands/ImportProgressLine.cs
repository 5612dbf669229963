using System.Globalization;
using RemoteMcp.Tools.Analytics.Import;

namespace RemoteMcp.Cli.Commands;

/// <summary>
/// Shows the progress of an import. On a terminal, it updates one line every 200 ms. Otherwise, it writes a line every 5 s.
/// </summary>
internal sealed class ImportProgressLine(TextWriter error, TimeProvider time, bool inPlace) : IProgress<ImportProgress>, IDisposable
{
    private readonly TimeSpan _interval = inPlace ? TimeSpan.FromMilliseconds(200) : TimeSpan.FromSeconds(5);
    private long _start = time.GetTimestamp();
    private long _last = time.GetTimestamp();
    private bool _checking;
    private bool _lineIsOpen;

    public void Report(ImportProgress value)
    {
        if (value.Checking != _checking)
        {
            (_checking, _start) = (value.Checking, time.GetTimestamp());
        }

        if (time.GetElapsedTime(_last) < _interval)
        {
            return;
        }

        _last = time.GetTimestamp();
        var percent = value.TotalBytes == 0 ? 100 : 100.0 * value.Bytes / value.TotalBytes;
        var rate = value.Lines / Math.Max(time.GetElapsedTime(_start).TotalSeconds, 0.001);
        var line = string.Create(CultureInfo.InvariantCulture,
            $"{(value.Checking ? "Checking" : "Importing")}: {percent:0} %, {value.Lines:#,0} lines, {rate:#,0} lines/s");
        error.Write(inPlace ? $"\r{line}   " : line + Environment.NewLine);
        _lineIsOpen = inPlace;
    }

    public void Dispose()
    {
        if (_lineIsOpen)
        {
            error.WriteLine();
            _lineIsOpen = false;
        }
    }
}
