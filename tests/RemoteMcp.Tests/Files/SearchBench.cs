using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using ModelContextProtocol;
using RemoteMcp.Tools.Files;
using RemoteMcp.Tools.Files.Search;
using RemoteMcp.Tools.Files.Store;
using Xunit;

namespace RemoteMcp.Tests.Files;

/// <summary>Provides a search in files in memory, with a clock that the test controls.</summary>
public abstract class SearchBench
{
    private protected FakeTimeProvider Clock { get; } = new();

    private protected MemoryFileStore Store { get; } = new();

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected static string Name(int i) => $"d{i / 100:D2}/f{i:D5}";

    private protected void WriteMany(int count, string content = "hay")
    {
        for (var i = 0; i < count; i++)
        {
            Store.Write(Name(i), content);
        }
    }

    private protected Task<SearchPage> SearchAsync(
        string query, string path = ".", string include = "*", string exclude = "{.git,node_modules}", int limit = 1000,
        PagePosition? after = null,
        int parallelism = 4, IProgress<ProgressNotificationValue>? progress = null, CancellationToken? cancellationToken = null)
    {
        var search = new FileSearch(Store, Options.Create(new FilesOptions { Parallelism = parallelism }), Clock);
        Assert.True(FilePath.TryParse(path, out var start, out _));
        return search.RunAsync(
            new SearchRequest(
                start,
                LineQuery.Parse(query, isRegex: false, caseSensitive: true),
                GlobFilter.Including(include, "i"),
                GlobFilter.Excluding(exclude, "e"),
                limit,
                after),
            progress, cancellationToken ?? Token);
    }

    private protected sealed class Recorder(List<float> reports) : IProgress<ProgressNotificationValue>
    {
        public void Report(ProgressNotificationValue value) => reports.Add(value.Progress);
    }
}
