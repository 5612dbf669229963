using CsvHelper;

namespace RemoteMcp.Tools.Analytics.Import;

/// <summary>
/// Reads the events of a CSV file (RFC 4180, with commas), one at a time, so that memory does not grow with the file. The header names the
/// columns <c>timestamp</c>, <c>metric</c> and <c>value</c>. Every other column is a dimension.
/// </summary>
/// <remarks>
/// A cell cannot contain a line break, which RFC 4180 allows between quotes. No metric, number or value of a dimension needs one. Without
/// line breaks, a missing closing quote makes only one line invalid, and not the rest of the file.
/// </remarks>
internal sealed class CsvEvents : IAsyncDisposable
{
    /// <summary>The maximum length of a line, in bytes.</summary>
    public const int MaxLineBytes = 64 * 1024;

    private readonly CsvReader _reader;
    private readonly BadLines _bad;
    private readonly EventParser _parser;

    private CsvEvents(CsvReader reader, CsvHeader header, BadLines bad, TimeZoneInfo zone)
    {
        (_reader, _bad, Dimensions) = (reader, bad, header.Dimensions);
        _parser = new EventParser(reader, header, zone);
    }

    /// <summary>Gets the names of the dimensions, in the order of <see cref="CsvEvent.Values"/>.</summary>
    public IReadOnlyList<string> Dimensions { get; }

    /// <summary>Gets the event that <see cref="ReadAsync"/> found. It is valid until the next call.</summary>
    public CsvEvent Current => _parser.Event;

    /// <summary>Gets the number of lines that were read, including the header and bad lines.</summary>
    public long Lines { get; private set; }

    /// <summary>Opens a file and reads its header.</summary>
    /// <exception cref="ImportException">The header is missing or invalid.</exception>
    public static async Task<CsvEvents> OpenAsync(Stream file, BadLines bad, TimeZoneInfo zone, CancellationToken cancellationToken)
    {
        var reader = CsvReader.Create(file, new CsvReaderOptions
        {
            Separator = ',',
            AllowLineBreaksInQuotes = false,
            MaxRecordSize = MaxLineBytes,
            TrackLineNumbers = true,
            IncludeValuesInExceptions = false,
            MalformedData = CsvMalformedDataHandling.Skip,
            FieldCountMismatch = CsvFieldCountHandling.Skip,
            OnMalformedRecord = record => bad.Add(record.LineNumber, Problem(record)),
            PoolStrings = true,
        }, leaveOpen: true);
        try
        {
            await reader.ReadHeaderAsync(cancellationToken);
            return new CsvEvents(reader, CsvHeader.Parse(reader.Headers), bad, zone);
        }
        catch (CsvFormatException exception)
        {
            await reader.DisposeAsync();
            throw TooLong(exception.LineNumber);
        }
        catch
        {
            await reader.DisposeAsync();
            throw;
        }
    }

    /// <summary>Reads the next event. Bad lines are skipped and recorded.</summary>
    /// <returns>Whether there is another event.</returns>
    /// <exception cref="ImportException">A line is longer than the maximum.</exception>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await _reader.ReadAsync(cancellationToken))
            {
                Lines = _reader.LineNumber;
                if (_parser.FindProblem() is not { } problem)
                {
                    return true;
                }

                _bad.Add(Lines, problem);
            }

            return false;
        }
        catch (CsvFormatException exception)
        {
            throw TooLong(exception.LineNumber);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _reader.DisposeAsync();

    private static ImportException TooLong(long line) =>
        new($"line {line}: is longer than {MaxLineBytes / 1024} KiB, so the file is not a list of events. Split the line, or check "
            + "whether the file is damaged there.");

    private static string Problem(CsvMalformedRecord record) => record.Reason switch
    {
        CsvMalformedReason.FieldCountMismatch => "has more or fewer cells than the header.",
        CsvMalformedReason.StrayQuote => "has a quote inside a cell that does not start with a quote. Put the cell in quotes, and double "
            + "the quotes inside it.",
        CsvMalformedReason.TextAfterClosingQuote => "has text after a closing quote. Double the quotes inside a cell.",
        _ => "has a quote that is not closed on this line. Close it, and remove line breaks from cells.",
    };
}
