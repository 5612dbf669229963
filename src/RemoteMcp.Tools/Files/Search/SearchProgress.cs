using ModelContextProtocol;
using RemoteMcp.Tools.Shared;

namespace RemoteMcp.Tools.Files.Search;

/// <summary>
/// Reports to the client how many files were searched. While one file takes long, also reports that the search is still running.
/// </summary>
internal sealed class SearchProgress : IAsyncDisposable
{
    private const int FilesPerReport = 1000;
    private static readonly TimeSpan ReportPeriod = TimeSpan.FromSeconds(1);

    private readonly IProgress<ProgressNotificationValue>? _progress;
    private readonly TimeProvider _clock;
    private readonly ITimer? _waiting;
    private readonly Lock _lock = new();
    private long _reportedAt;
    private int _reportedFiles;
    private int _files;
    private int _matches;
    private int _signs;

    /// <param name="progress">The progress of the tool call.</param>
    /// <param name="clock">The time provider.</param>
    public SearchProgress(IProgress<ProgressNotificationValue>? progress, TimeProvider clock)
    {
        (_progress, _clock, _reportedAt) = (progress, clock, clock.GetTimestamp());
        _waiting = progress is null ? null : clock.CreateTimer(_ => ShowWaiting(), null, ProgressHeartbeat.Period, ProgressHeartbeat.Period);
    }

    /// <summary>Updates the progress after each file.</summary>
    /// <param name="files">The number of completed files.</param>
    /// <param name="matches">The number of matches in them.</param>
    public void Reach(int files, int matches)
    {
        lock (_lock)
        {
            (_files, _matches, _signs) = (files, matches, 0);
            if (files - _reportedFiles >= FilesPerReport || _clock.GetElapsedTime(_reportedAt) >= ReportPeriod)
            {
                Report();
            }
        }
    }

    public ValueTask DisposeAsync() => _waiting?.DisposeAsync() ?? ValueTask.CompletedTask;

    private void ShowWaiting()
    {
        lock (_lock)
        {
            if (_clock.GetElapsedTime(_reportedAt) >= ProgressHeartbeat.Period)
            {
                _signs++;
                Report();
            }
        }
    }

    private void Report()
    {
        (_reportedFiles, _reportedAt) = (_files, _clock.GetTimestamp());
        // "The progress value MUST increase with each notification": the heartbeats stay below the value of the next file.
        _progress?.Report(new ProgressNotificationValue { Progress = _files + 1 - 1f / (1 + _signs), Message = $"{_files} files searched, {_matches} matching lines" });
    }
}
