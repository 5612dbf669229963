using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace RemoteMcp.Elicitation;

/// <summary>
/// Asks the user questions during a tool call. The server supplies a tool's parameter of this type, and the parameter is not an argument of
/// the tool. It works with clients of every revision that supports elicitation: through the session in 2025-11-25 and earlier, and with
/// multi-round-trip requests in 2026-07-28 and later.
/// </summary>
/// <remarks>
/// <para>
/// <b>A question ends the current run of the tool.</b> When the answer arrives, the tool runs again from the start, on any instance. Each
/// question that was answered before then returns its answer immediately. Therefore, do everything that has side effects after the last
/// question. Ask the same questions in the same order as long as the answers are the same. Await each question before you ask the next one.
/// Do not catch the exception that a question throws, for example with a catch clause for <see cref="Exception"/>.
/// </para>
/// <para>
/// The client holds the answers so far as a sealed state. The state is bound to the caller, the tool, and its arguments, and it expires
/// (<see cref="ElicitationOptions.StateLifetime"/>). If the text of a question changes in a later run, it is a new question.
/// </para>
/// <para>The same applies to prompts and resources. Ask at most <see cref="MaxRounds"/> questions in one call.</para>
/// </remarks>
/// <example>
/// <code>
/// [McpServerTool(Name = "delete_reports", Destructive = true)]
/// public async Task&lt;string&gt; DeleteReports(int year, UserPrompts prompts, CancellationToken cancellationToken)
/// {
///     if (!await prompts.ConfirmAsync($"Delete all reports of {year}?", cancellationToken))
///     {
///         return "Nothing was deleted: the user said no.";
///     }
///
///     await prompts.ConsumeAnswersAsync(cancellationToken);
///     …
/// }
/// </code>
/// </example>
public sealed class UserPrompts
{
    /// <summary>The maximum number of times that one call can ask the user. Repetitions after an invalid answer count too.</summary>
    public const int MaxRounds = 10;

    private const int MaxInvalidAnswers = 3;
    private const string ConfirmField = "confirm";

    private static readonly ElicitRequestParams.RequestSchema s_confirmSchema = new()
    {
        Properties = { [ConfirmField] = new ElicitRequestParams.BooleanSchema { Title = "Confirm", Description = "Whether to continue." } },
        Required = [ConfirmField],
    };

    private readonly MessageContext _request;
    private readonly RequestParams _params;
    private readonly Conversation _conversation;
    private readonly ReplayGuard _replayGuard;
    private readonly string? _openQuestion;
    private int _nextIndex;

    internal UserPrompts(MessageContext request, RequestParams requestParams, Conversation conversation, ReplayGuard replayGuard)
    {
        (_request, _params, _conversation, _replayGuard) = (request, requestParams, conversation, replayGuard);
        _openQuestion = conversation.OpenQuestion;
        // This run sets it again if it ends with a question.
        conversation.OpenQuestion = null;
    }

    /// <summary>Asks the user a yes-or-no question.</summary>
    /// <param name="question">The text of the question, for example "Delete 3 files?". The client shows it unchanged.</param>
    /// <param name="cancellationToken">The cancellation token of the call.</param>
    /// <returns>
    /// <see langword="true"/> if the user said yes; otherwise <see langword="false"/>, also if the user declined or closed the question.
    /// </returns>
    /// <exception cref="InputRequiredException">There is no answer yet. Do not catch this exception.</exception>
    /// <exception cref="McpException">The client cannot ask, too many answers were invalid, or the call asked too often.</exception>
    public ValueTask<bool> ConfirmAsync(string question, CancellationToken cancellationToken = default)
    {
        var reply = GetReply(Question.Form(question, s_confirmSchema), FieldsOf(s_confirmSchema), cancellationToken);
        return ValueTask.FromResult(reply.Content?[ConfirmField].GetBoolean() is true);
    }

    /// <summary>Asks the user to fill in a form.</summary>
    /// <typeparam name="T">
    /// A flat record of strings, numbers, booleans, enumerations, and dates. The user may leave a property empty if it is nullable or has a
    /// default value. Use <c>[Description]</c>, <c>[DisplayName]</c>, <c>[Range]</c>, <c>[StringLength]</c>, and <c>[EmailAddress]</c> to
    /// describe and to limit a property.
    /// </typeparam>
    /// <param name="question">The text of the question. The client shows it unchanged.</param>
    /// <param name="cancellationToken">The cancellation token of the call.</param>
    /// <returns>
    /// The validated form, or that the user declined or closed it. If a form is not valid, the user is asked again.
    /// </returns>
    /// <exception cref="InputRequiredException">There is no answer yet. Do not catch this exception.</exception>
    /// <exception cref="InvalidOperationException"><typeparamref name="T"/> is not such a record.</exception>
    /// <exception cref="McpException">The client cannot ask, too many answers were invalid, or the call asked too often.</exception>
    public ValueTask<Answer<T>> FormAsync<T>(string question, CancellationToken cancellationToken = default)
        where T : class
    {
        var schema = FormSchema.For(typeof(T));
        T? value = null;
        var reply = GetReply(Question.Form(question, schema), CheckForm, cancellationToken);
        if (reply.Kind == AnswerKind.Accepted && value is null)
        {
            CheckForm(reply.Content!);
        }

        return ValueTask.FromResult(new Answer<T>(reply.Kind, value));

        string? CheckForm(Dictionary<string, JsonElement> fields) => FieldsOf(schema)(fields) ?? FormReader.TryRead(fields, out value);
    }

    /// <summary>
    /// Asks the user to open a web page, for example to sign in or to consent. The result <see langword="true"/> means that the page was
    /// opened. It does not mean that the user has finished there. Check whether the purpose of the page was achieved.
    /// </summary>
    /// <param name="reason">The purpose of the page. The client shows it unchanged.</param>
    /// <param name="url">
    /// The URL of the page: https, or http on this machine. Its query and its fragment can change from run to run. The rest of the URL
    /// identifies the page.
    /// </param>
    /// <param name="cancellationToken">The cancellation token of the call.</param>
    /// <returns>
    /// <see langword="true"/> if the user opened the page; <see langword="false"/> if the user declined or closed the question.
    /// </returns>
    /// <exception cref="InputRequiredException">There is no answer yet. Do not catch this exception.</exception>
    /// <exception cref="ArgumentException"><paramref name="url"/> is not such a URL.</exception>
    /// <exception cref="McpException">The client cannot ask, too many answers were invalid, or the call asked too often.</exception>
    public ValueTask<bool> OpenUrlAsync(string reason, Uri url, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(url);
        if (!url.IsAbsoluteUri || !(url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback)))
        {
            throw new ArgumentException("The URL must use https, or http on this machine.", nameof(url));
        }

        return ValueTask.FromResult(GetReply(Question.Url(reason, url), static _ => null, cancellationToken).Kind == AnswerKind.Accepted);
    }

    /// <summary>
    /// Marks the answers of this call as used. Call this method before an action that must not happen twice for the same answers. A client
    /// can repeat its last request, with the answers, until they expire. This method refuses the repetition. It also refuses to act for a
    /// call whose instance was paused or cut off, and whose client was therefore told that the call has failed.
    /// </summary>
    /// <param name="cancellationToken">The cancellation token of the call.</param>
    /// <exception cref="McpException">
    /// The answers have already been used, the client was told that the call has failed, or the state storage does not respond, so this is
    /// not known. The tool must not act.
    /// </exception>
    public ValueTask ConsumeAnswersAsync(CancellationToken cancellationToken = default) =>
        _replayGuard.UseAsync(_request.User, _conversation.Id, cancellationToken);

    /// <summary>
    /// Returns the user's reply to the next question of this run. Without a valid reply, this method ends the run: it throws the exception
    /// that sends the question to the client.
    /// </summary>
    private Reply GetReply(Question question, Func<Dictionary<string, JsonElement>, string?> check, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ArgumentException.ThrowIfNullOrWhiteSpace(question.Params.Message, nameof(question));
        var index = _nextIndex++;
        var answers = _conversation.Answers;
        if (index < answers.Count && answers[index].Question == question.Fingerprint)
        {
            return answers[index];
        }

        // There is no answer to this question yet. Later answers belong to other questions of an earlier run, and are removed.
        var isOpen = index == answers.Count && _openQuestion == question.Fingerprint;
        answers.RemoveRange(index, answers.Count - index);
        var key = $"q{index + 1}";
        string? error = null;
        if (isOpen && _params.InputResponses?.TryGetValue(key, out var response) is true)
        {
            error = ReplyReader.TryRead(response, question, check, out var reply);
            if (reply is not null)
            {
                answers.Add(reply);
                _conversation.InvalidAnswers = 0;
                return reply;
            }
        }

        ElicitationSupport.Require(_request, question.Params.Mode);
        _conversation.InvalidAnswers = error is null ? 0 : _conversation.InvalidAnswers + 1;
        if (_conversation.InvalidAnswers >= MaxInvalidAnswers)
        {
            throw new McpException(
                $"The last {MaxInvalidAnswers} answers to \"{question.Params.Message}\" were not valid. {error} Start the call again.");
        }

        if (_conversation.Round >= MaxRounds)
        {
            throw new McpException($"The user was asked {MaxRounds} times in one call, which is the limit. Start the call again.");
        }

        _conversation.OpenQuestion = question.Fingerprint;
        throw new InputRequiredException(
            new Dictionary<string, InputRequest> { [key] = InputRequest.ForElicitation(question.WithProblem(error).Params) });
    }

    private static Func<Dictionary<string, JsonElement>, string?> FieldsOf(ElicitRequestParams.RequestSchema schema) =>
        fields => FormFields.Validate(schema, fields);
}
