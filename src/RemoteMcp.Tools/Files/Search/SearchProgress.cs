using ModelContextProtocol;
using RemoteMcp.Tools.Shared;

namespace RemoteMcp.Tools.Files.Search;

/// <summary>Tells a client how many files are searched, and while one of them takes long, that the search is at work.</summary>
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

    /// <param name="progress">Of the tool's call.</param>
    /// <param name="clock">For the pace.</param>
    public SearchProgress(IProgress<ProgressNotificationValue>? progress, TimeProvider clock)
    {
        (_progress, _clock, _reportedAt) = (progress, clock, clock.GetTimestamp());
        _waiting = progress is null ? null : clock.CreateTimer(_ => ShowWaiting(), null, ProgressHeartbeat.Period, ProgressHeartbeat.Period);
    }

    /// <summary>Takes how far the search is, after each file.</summary>
    /// <param name="files">The files that are done with.</param>
    /// <param name="matches">The matches in them.</param>
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
        // "The progress value MUST increase with each notification": signs of life stay below the next file.
        _progress?.Report(new ProgressNotificationValue { Progress = _files + 1 - 1f / (1 + _signs), Message = $"{_files} files searched, {_matches} matching lines" });
    }
}
