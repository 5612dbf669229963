using ModelContextProtocol;
using RemoteMcp.Tools.Shared;

namespace RemoteMcp.Tools.Files.Search;

/// <summary>
/// Reports to the client how many files were searched. While one file takes long, also reports that the search is still running.
/// </summary>
internal sealed class SearchProgress : IAsyncDisposable
{
    private const int FilesPerReport = 1000;
    private static readonly TimeSpan s_reportPeriod = TimeSpan.FromSeconds(1);

    private readonly IProgress<ProgressNotificationValue>? _progress;
    private readonly TimeProvider _time;
    private readonly ITimer? _heartbeatTimer;
    private readonly Lock _lock = new();
    private long _reportedAt;
    private int _reportedFiles;
    private int _files;
    private int _matches;
    private int _heartbeats;

    /// <param name="progress">The progress of the tool call.</param>
    /// <param name="time">The time provider.</param>
    public SearchProgress(IProgress<ProgressNotificationValue>? progress, TimeProvider time)
    {
        (_progress, _time, _reportedAt) = (progress, time, time.GetTimestamp());
        _heartbeatTimer = progress is null
            ? null
            : time.CreateTimer(_ => ReportHeartbeat(), null, ProgressHeartbeat.Period, ProgressHeartbeat.Period);
    }

    /// <summary>Updates the progress after each file.</summary>
    /// <param name="files">The number of completed files.</param>
    /// <param name="matches">The number of matches in them.</param>
    public void Update(int files, int matches)
    {
        lock (_lock)
        {
            (_files, _matches, _heartbeats) = (files, matches, 0);
            if (files - _reportedFiles >= FilesPerReport || _time.GetElapsedTime(_reportedAt) >= s_reportPeriod)
            {
                Report();
            }
        }
    }

    public ValueTask DisposeAsync() => _heartbeatTimer?.DisposeAsync() ?? ValueTask.CompletedTask;

    private void ReportHeartbeat()
    {
        lock (_lock)
        {
            if (_time.GetElapsedTime(_reportedAt) >= ProgressHeartbeat.Period)
            {
                _heartbeats++;
                Report();
            }
        }
    }

    private void Report()
    {
        (_reportedFiles, _reportedAt) = (_files, _time.GetTimestamp());
        // "The progress value MUST increase with each notification": the heartbeats stay below the value of the next file.
        _progress?.Report(new ProgressNotificationValue
        {
            Progress = _files + 1 - 1f / (1 + _heartbeats),
            Message = $"{_files} files searched, {_matches} matching lines",
        });
    }
}
